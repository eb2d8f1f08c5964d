"""Religious, political and cultural words of Arabic that are written in Latin letters in many ways."""

SPELLINGS = """
Quran, Qur'an, Koran, Qoran, Kuran, Coran, القرآن
Hijab, Hejab, Hidjab, حجاب
Niqab, Nikab, Niqaab
Burqa, Burka, Burkha, Burqua, برقع
Keffiyeh, Kufiya, Kaffiyeh, Kuffiyeh, Kaffiyah, كوفية
Sharia, Shari'a, Shariah, Shari'ah, Chariaa, شريعة
Jihad, Djihad, Gihad, جهاد
Jihadist, Jihadi, Djihadist
Fatwa, Fatwah, Fetwa, فتوى, فتاوى
Ramadan, Ramadhan, Ramazan, رمضان
Eid al-Fitr, Eid ul-Fitr, Eid el-Fitr, Id al-Fitr, Aid el-Fitr, عيد الفطر
Eid al-Adha, Eid ul-Adha, Eid el-Adha, Id al-Adha, Aid el-Adha, عيد الأضحى
Ashura, Ashoura, Achoura, عاشوراء
Arbaeen, Arba'een, Arbain, Arbaïn, زيارة الأربعين
Hajj, Hadj
Umrah, Omra, Umra
Sheikh, Shaikh, Sheik, Shaykh, Cheikh, شيخ
Ayatollah, Ayatullah, آية الله
Zakat, Zakah, الزكاة
Kaaba, Ka'aba, Ka'ba, الكعبة
Intifada, Intifadah, Intifadeh, انتفاضة
Nakba, Naqba, النكبة
Shura, Shoura, Choura, شورى
Souk, Souq, Suq
Emir, Ameer
Caliphate, Khilafa, Khilafah
Dabke, Dabkeh, Debka, دبكة
Shawarma, Shawerma, Shwarma, Chawarma, شاورما
Tabbouleh, Tabouli, Tabouleh, Taboule, تبولة
Kibbeh, Kibbe, Kebbeh, Kibbie
Muezzin, Muazzin, Mu'adhin
Nowruz, Nawroz, Newroz, Norouz, Noruz, نوروز
Tsar, Czar, Tzar
Tsunami, تسونامي
Covid, Covid-19, كوفيد
Coronavirus, Corona virus, فيروس كورونا
Ebola, إيبولا
"""
