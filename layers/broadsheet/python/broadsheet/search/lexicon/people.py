"""People in the news, by the name they are usually called."""

SPELLINGS = """
Assad, Asad, Assaad, Esad, الأسد
Nasrallah, Nasralla, Nasrullah, Nasr Allah, نصرالله, نصر الله
Hariri, Harriri, الحريري
Jumblatt, Jumblat, Joumblatt, Joumblat, Junblat, جنبلاط
Geagea, Jaajaa, Ja'ja, جعجع
Aoun, Awn, ميشال عون, جوزيف عون, جوزاف عون
Jarba, Jerba, الجربا
Siniora, Saniora, Sanioura, Seniora, السنيورة
Mikati, Miqati, Mekati, ميقاتي
Berri, Birri, نبيه بري
Franjieh, Frangieh, Franjiyeh, Franjiyya, فرنجية
Gemayel, Jumayyil, Gemayyel, Jmayel, أمين الجميل, بشير الجميل, سامي الجميل
Bassil, Gebran Bassil, جبران باسيل
Lahoud, Lahud, لحود
Sfeir, Sfair, البطريرك صفير
Rahi, Patriarch Rai, البطريرك الراعي
Salameh, Riad Salame, رياض سلامة
Kerry, كيري
Obama, أوباما
Biden, بايدن
Trump, ترامب, ترمب
Clinton, كلينتون
Blinken, بلينكن
Putin, Poutine, بوتين
Lavrov, لافروف
Medvedev, ميدفيديف, مدفيديف
Zelensky, Zelenskyy, Zelenskiy, Zelenski, زيلينسكي, زيلنسكي
Macron, ماكرون
Sarkozy, ساركوزي
Hollande, هولاند
Merkel, ميركل
Cameron, ديفيد كاميرون
Erdogan, Erdoğan, Erdoghan, Ardogan, أردوغان
Davutoglu, Davutoğlu, داود أوغلو
Ocalan, Öcalan, أوجلان
Gulen, Gülen, فتح الله غولن
Netanyahu, Netanyahou, Natanyahu, Bibi Netanyahu, نتنياهو, نتانياهو
Khamenei, Khamenai, Khamanei, Khameini, خامنئي
Khomeini, Khomeyni, Khumayni, Khomaini, الخميني
Rouhani, Rohani, Ruhani, حسن روحاني
Ahmadinejad, Ahmadinejhad, Ahmedinejad, أحمدي نجاد
Raisi, Raeisi, Raissi, إبراهيم رئيسي
Zarif, جواد ظريف
Soleimani, Suleimani, Sulaimani, Soleymani, قاسم سليماني
Gaddafi, Qaddafi, Gadhafi, Kadhafi, Qadhafi, Gaddhafi, Kadafi, Khadafy, القذافي
Haftar, Hafter, Hifter, Heftar, حفتر
Dbeibah, Dbeiba, Dabaiba, Dbaiba, الدبيبة
Ben Ali, Zine El Abidine Ben Ali, زين العابدين بن علي
Ghannouchi, Ghanouchi, Ghannoushi, الغنوشي
Essebsi, Sebsi, السبسي
Bouteflika, Boutaflika, بوتفليقة
Tebboune, تبون
Mubarak, Moubarak, حسني مبارك
Morsi, Mursi, Morsy, Mursy, محمد مرسي
Sisi, Sissi, السيسي
Sadat, أنور السادات
ElBaradei, El Baradei, Baradei, Baradai, البرادعي
Saddam, Sadam, صدام حسين
Maliki, Maleki, المالكي
Abadi, حيدر العبادي
Sadr, Moqtada al-Sadr, Muqtada al-Sadr, Moktada al-Sadr, مقتدى الصدر
Sistani, Seestani, السيستاني
Talabani, جلال طالباني, جلال الطالباني
Barzani, Barazani, Barzany, بارزاني, البارزاني
Zarqawi, Zarkawi, الزرقاوي
Baghdadi, أبو بكر البغدادي
Jolani, Jawlani, Joulani, Julani, أبو محمد الجولاني
Zawahiri, Zawahri, Zawahari, Zawaheri, أيمن الظواهري
bin Laden, bin Ladin, ben Laden, Binladen, بن لادن
Arafat, Arafaat, ياسر عرفات
Mahmoud Abbas, Mahmud Abbas, Abu Mazen, محمود عباس, أبو مازن
Haniyeh, Haniya, Haniyya, Hanieh, Haniyah, إسماعيل هنية
Meshaal, Mashal, Mashaal, Meshal, Mishal, خالد مشعل
Sinwar, Sinouar, السنوار
Barghouti, Barghouthi, Bargouthi, البرغوثي
Bin Salman, Mohammed bin Salman, Mohamed bin Salman, Mohammad bin Salman, Muhammad bin Salman, MBS, بن سلمان
Bin Zayed, Mohammed bin Zayed, Mohamed bin Zayed, Mohammad bin Zayed, MBZ, بن زايد
Khashoggi, Khashoqji, Kashoggi, خاشقجي
Burhan, Abdel Fattah al-Burhan, عبد الفتاح البرهان
Hemedti, Hemeti, Hemetti, Hemeidti, حميدتي
Omar al-Bashir, Omar el-Bashir, Omar al-Beshir, عمر البشير
Ali Abdullah Saleh, Ali Abdallah Saleh, علي عبدالله صالح, علي عبد الله صالح
Brahimi, Lakhdar Brahimi, الأخضر الإبراهيمي
Guterres, غوتيريش, غوتيريس, جوتيريش
Ban Ki-moon, Ban Kimoon, بان كي مون
Kofi Annan, كوفي أنان, كوفي عنان
Pope Francis, البابا فرنسيس, البابا فرانسيس
Xi Jinping, شي جين بينغ, شي جينبينغ
Fairuz, Fairouz, Fayrouz, Feiruz, Fayruz, Feyrouz, فيروز
Umm Kulthum, Oum Kalthoum, Um Kulthum, Umm Kulthoum, Om Kalthoum, Oum Kalsoum, أم كلثوم
Mohamed Salah, Mohammed Salah, محمد صلاح
Mahmoud Darwish, Mahmud Darwish, Mahmoud Darwich, محمود درويش
Naguib Mahfouz, Nagib Mahfouz, Najib Mahfuz, Naguib Mahfuz, نجيب محفوظ
Khalil Gibran, Kahlil Gibran, Gibran Khalil Gibran, جبران خليل جبران
"""
