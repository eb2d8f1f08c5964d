"""Given names of the region as they are written in Latin letters, with the Arabic one where it is no common word.

In Latin only: Hassan (حسن, well), Omar (عمر, age), Jamal (جمال, beauty), Layla (ليل, night), Yahya (يحيي, greets).
"""

SPELLINGS = """
Mohammed, Muhammad, Mohamed, Mohammad, Muhammed, Mohamad, Mohamud, محمد
Ahmed, Ahmad, Achmed, Ahmet, أحمد
Hussein, Hussain, Husayn, Husain, Hossein, Houssein, Hussien, حسين
Hassan, Hasan, Hassen
Ali, Aly
Omar, Umar
Othman, Osman, Uthman, عثمان
Khaled, Khalid, Khaleed, خالد
Youssef, Yusuf, Yousef, Yousuf, Yusef, Yousif, يوسف
Ibrahim, Ebrahim, Ibraheem, Brahim, إبراهيم
Ismail, Ismael, Esmail, Ismaeel, إسماعيل
Mahmoud, Mahmud, Mahmood, محمود
Mustafa, Mostafa, Moustafa, Mustapha, مصطفى
Abdullah, Abdallah, Abdulla, Abdollah, عبد الله, عبدالله
Abdulrahman, Abdelrahman, Abdul Rahman, Abdel Rahman, Abd al-Rahman, Abderrahmane, Abdurrahman, عبد الرحمن, عبدالرحمن
Abdulaziz, Abdelaziz, Abdul Aziz, Abdel Aziz, عبد العزيز, عبدالعزيز
Abdel Fattah, Abdelfattah, Abdul Fattah, Abdulfattah, عبد الفتاح, عبدالفتاح
Abdelkader, Abdel Kader, Abdul Qadir, Abdulqader, Abdulkadir, عبد القادر, عبدالقادر
Abdelhamid, Abdel Hamid, Abdul Hamid, Abdulhamid, عبد الحميد, عبدالحميد
Abdelkarim, Abdel Karim, Abdul Karim, Abdulkarim, Abdul Kareem, عبد الكريم, عبدالكريم
Abdelhalim, Abdel Halim, Abdul Halim, Abdulhalim, عبد الحليم, عبدالحليم
Karim, Kareem, Kerim
Jamal, Gamal, Djamel
Nasser, Nasir, Naser, ناصر
Saeed, Saied
Saleh, Salih
Samir, Sameer, سمير
Walid, Waleed, Oualid, وليد
Rashid, Rasheed, Rachid, رشيد
Tariq, Tarek, Tareq, Tarik, طارق
Faisal, Faysal, Feisal, Faycal, فيصل
Fatima, Fatma, Fatimah, Fatemeh, فاطمة
Aisha, Ayesha, Aicha, Aysha, عائشة
Zainab, Zeinab, Zaynab, Zeynab, Zaineb, زينب
Khadija, Khadijah, Khadeeja, خديجة
Maryam, Mariam, Meryem, مريم
Layla, Leila, Laila, Leyla
Noor, Nour
Nouri, Nuri, Noori, نوري
Bashar, Bachar, Bashshar, بشار
Hafez, Hafiz
Rafik, Rafiq, Rafic
Saad, Sa'ad
Najib, Nagib, Najeeb, Naguib, نجيب
Nabih, Nabeeh, نبيه
Riad, Riyad
Ziad, Ziyad
Hisham, Hesham, Hicham, هشام
Imad, Emad
Ashraf, Achraf
Amr, Amro, عمرو
Ayman, Aiman, Aymen
Hamza, Hamzah, حمزة
Ramzi, Ramzy
Yasser, Yasir, Yaser, ياسر
Marwan, Marouane, مروان
Adnan, عدنان
Ghassan, غسان
Suleiman, Sulaiman, Sleiman, Soleiman, Suleyman, Sulayman, سليمان
Yahya, Yehia, Yahia
Zakaria, Zakariya, Zakarya, Zakariyya, زكريا
Moussa, Musa, Mousa, موسى
Issa, Eissa, Aissa, عيسى
Haytham, Haitham, هيثم
Bilal, Belal, بلال
Anwar, Anouar, أنور
Kamal, Kemal
Jawad, Javad, Jawwad
Kassem, Qassem, Qasim, Qasem, Kasim, Kassim, قاسم
Bashir, Basheer, Beshir
Moqtada, Muqtada, Mokhtada, Muqtadha
Michel, ميشال
Georges, George, جورج
Elias, Elyas, Ilyas, الياس
Marouf, Maarouf
Mounir, Munir, Mouneer, منير
Mazen, Mazin, مازن
Wael, وائل
Qais, Kais, Qays
Luay, Loay, Louay, لؤي
Muammar, Moammar, Mouammar, معمر
Sami, Samy
Hani, Hany
Jibril, Jebril, Gibril
Haidar, Haider, Hayder, Hyder, حيدر
Abbas, عباس
"""
