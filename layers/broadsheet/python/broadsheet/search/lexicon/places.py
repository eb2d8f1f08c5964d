"""Places of the region and capitals, without countries: their adjectives belong to them in one script only."""

SPELLINGS = """
Homs, Hims, حمص
Hama, Hamah, حماة
Aleppo, Halab, حلب
Damascus, Dimashq, دمشق
Latakia, Lattakia, Latakiya, Ladhiqiyah, Lattaquie, اللاذقية
Idlib, Edlib, إدلب
Raqqa, Raqa, Rakka, Raqqah, الرقة
Deir Ezzor, Deir ez-Zor, Deir al-Zor, Dayr az-Zawr, Deir el-Zour, دير الزور
Daraa, Dara'a, Deraa, Der'a, درعا
Qusayr, Qusair, Qusseir, Quseir, مدينة القصير
Nubol, Nubl, Nubul, Nubbul, Nobbol, نبل
Zahraa, Zahra, Zahra'a, الزهراء
Ghouta, Ghuta, Gouta, الغوطة
Douma, مدينة دوما
Daraya, Darayya, Dareya, داريا
Yarmouk, Yarmuk, Yarmuq, اليرموك
Zabadani, Zabadany, الزبداني
Yabroud, Yabrud, يبرود
Maaloula, Maalula, Ma'lula, معلولا
Qalamoun, Kalamoun, Qalamun, القلمون
Tartus, Tartous, طرطوس
Suwayda, Sweida, Suweida, Soueida, السويداء
Quneitra, Kuneitra, Qunaitra, القنيطرة
Golan, Jawlan, Joulan, الجولان
Palmyra, Tadmur, Tadmor, مدينة تدمر
Kobani, Kobane, Ayn al-Arab, Ain al-Arab, كوباني, عين العرب
Qamishli, Kamishli, Qamishly, Qamishlo, القامشلي
Hasakah, Hasaka, Hassakeh, Hasakeh, الحسكة
Afrin, Efrin, عفرين
Manbij, Membij, Manbidj, منبج
Jarablus, Jarabulus, جرابلس
Saraqib, Saraqeb, Sarakeb, سراقب
Khan Sheikhoun, Khan Shaykhun, Khan Sheikhun, خان شيخون
Maarat al-Numan, Maaret al-Numan, Maarrat al-Nu'man, معرة النعمان
Jisr al-Shughour, Jisr al-Shughur, Jisr ash-Shughur, جسر الشغور
Beirut, Beyrouth, Bayrut, Beyrut, بيروت
Tripoli, Trablous, Tarabulus, طرابلس
Sidon, Saida, Sayda, صيدا
Baalbek, Baalbeck, Ba'albek, Baalbak, بعلبك
Arsal, Ersal, Aarsal, عرسال
Zahle, Zahleh, Zahlé, زحلة
Jounieh, Junieh, Jounie, Juniyah, جونية
Byblos, Jbeil, Jubayl, Jbail, جبيل
Bint Jbeil, Bint Jubayl, Bint Jbail, بنت جبيل
Nabatieh, Nabatiyeh, Nabatiyah, Nabatiyya, النبطية
Bekaa, Beqaa, Biqa, Bekka, البقاع
Akkar, Aakkar, عكار
Dahiyeh, Dahieh, Dahiya, Dahiyah, الضاحية الجنوبية
Naqoura, Nakoura, Naqura, الناقورة
Shebaa, Chebaa, Shab'a, شبعا
Ashrafieh, Achrafieh, Ashrafiyeh, الأشرفية
Nahr al-Bared, Nahr el-Bared, نهر البارد
Ain al-Hilweh, Ain el-Hilweh, Ein el-Hilweh, Ayn al-Hilwa, عين الحلوة
Jerusalem, Quds, القدس
Gaza, Ghazza, Gazza, غزة
Rafah, Rafeh, رفح
Khan Younis, Khan Yunis, Khan Younes, خان يونس
Ramallah, Ram Allah, رام الله
Hebron, مدينة الخليل
Nablus, Nabulus, نابلس
Jenin, Jineen, مخيم جنين, مدينة جنين
Bethlehem, بيت لحم
Jaffa, Yafa, Yafo, يافا
Haifa, Hayfa, حيفا
Tel Aviv, تل أبيب
Al-Aqsa, Aksa, المسجد الأقصى
Sheikh Jarrah, Shaykh Jarrah, الشيخ جراح
West Bank, الضفة الغربية
Aqaba, Akaba, خليج العقبة, مدينة العقبة
Zarqa, Zerqa, Zarka
Zaatari, Za'tari, الزعتري
Baghdad, Bagdad, بغداد
Basra, Basrah, Bassora, البصرة
Mosul, Mossul, Mousul, الموصل
Fallujah, Falluja, Faluja, Fallouja, Faloujah, الفلوجة
Ramadi, مدينة الرمادي
Tikrit, Takrit, تكريت
Kirkuk, Karkuk, Kirkouk, كركوك
Erbil, Arbil, Irbil, Hewler, أربيل
Sulaymaniyah, Sulaimaniya, Suleimaniya, Sulaimaniyah, Sulaymaniya, السليمانية
Sinjar, Shingal, سنجار
Tal Afar, Tel Afar, Talafar, تلعفر
Karbala, Kerbala, Kerbela, كربلاء
Najaf, Nadjaf, Nejef, النجف
Samarra, سامراء
Sanaa, Sana'a, San'a, صنعاء
Aden, عدن
Hodeidah, Hodeida, Hudaydah, Hudaida, Hudeidah, الحديدة
Taiz, Taez, Ta'izz, تعز
Marib, Ma'rib, Mareb, مأرب
Saada, Sa'dah, Saadah, صعدة
Riyadh, Riadh, الرياض
Jeddah, Jidda, Jedda, Jiddah, مدينة جدة
Mecca, Makkah, Makka, مكة
Medina, Madinah, Madina, المدينة المنورة
Kuwait, Koweit, Kuweit, الكويت
Doha, الدوحة
Manama, المنامة
Muscat, Masqat
Abu Dhabi, Abou Dhabi, Abu Zabi, أبوظبي, أبو ظبي
Dubai, Doubai, Dubayy, دبي
Cairo, القاهرة
Alexandria, الإسكندرية
Giza, Gizeh, الجيزة
Suez, السويس
Sinai, سيناء
Sharm el-Sheikh, Sharm al-Sheikh, Sharm el-Sheik, شرم الشيخ
Port Said, بورسعيد, بور سعيد
Aswan, Assuan, Assouan, أسوان
Benghazi, Bengasi, بنغازي
Misrata, Misurata, Misratah, مصراتة
Sirte, Surt, سرت
Algiers, الجزائر العاصمة
Rabat, مدينة الرباط
Casablanca, الدار البيضاء
Marrakesh, Marrakech, مراكش
Tangier, Tanger, Tangiers, طنجة
Nouakchott, نواكشوط
Khartoum, Khartum, الخرطوم
Omdurman, Umm Durman, Um Durman, أم درمان
Darfur, Darfour, دارفور
Fasher, El Fashir, Fashir, الفاشر
Juba, جوبا
Mogadishu, Mogadiscio, Muqdisho, مقديشو
Djibouti, Jibuti, جيبوتي
Addis Ababa, Addis Abeba, أديس أبابا
Tehran, Teheran, طهران
Isfahan, Esfahan, Ispahan, أصفهان
Mashhad, Mashad, Meshed, مدينة مشهد
Qom, Qum, مدينة قم
Bushehr, Bushire, بوشهر
Natanz, نطنز
Ankara, أنقرة
Istanbul, Istambul, إسطنبول, إستانبول
Izmir, إزمير
Gaziantep, Antep, غازي عنتاب
Antakya, Antioch, Antakia, Antakiya, أنطاكيا, أنطاكية
Diyarbakir, Diyarbakır, ديار بكر
Nicosia, Lefkosia, نيقوسيا
Kabul, Kaboul, كابل, كابول
Kandahar, Qandahar, قندهار
Islamabad, إسلام آباد
Karachi, كراتشي
Moscow, موسكو
Kyiv, Kiev, كييف
Kharkiv, Kharkov, خاركيف
Odesa, Odessa, أوديسا
Donetsk, دونيتسك
Crimea, شبه جزيرة القرم
Karabakh, Karabagh, Karabag, Qarabag, كاراباخ, قره باغ
Yerevan, Erevan, يريفان
Baku, باكو
Tbilisi, تبليسي
Hormuz, Hormoz, Ormuz, هرمز
Bab al-Mandab, Bab el-Mandeb, Bab al-Mandeb, باب المندب
Washington, واشنطن
New York, نيويورك
London, لندن
Paris, باريس
Berlin, برلين
Madrid, مدريد
Rome, روما
Athens, أثينا
Vienna, فيينا
Geneva, جنيف
Brussels, بروكسل
Beijing, Peking, بكين
Tokyo, طوكيو
New Delhi, نيودلهي
"""
