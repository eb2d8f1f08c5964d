"""Parties, armed groups, communities of faith, institutions and media."""

SPELLINGS = """
Hezbollah, Hizbullah, Hizballah, Hizbollah, Hezballah, Hezbullah, Hizb Allah, حزب الله, حزبالله
ISIS, ISIL, Daesh, Da'esh, Daish, Da'ish, Islamic State, داعش, تنظيم الدولة الإسلامية
Nusra, Nousra, Nusrah, Nosra, النصرة, جبهة النصرة
Hayat Tahrir al-Sham, Tahrir al-Sham, HTS, هيئة تحرير الشام, تحرير الشام
Ahrar al-Sham, Ahrar ash-Sham, Ahrar Sham, أحرار الشام
Jaish al-Islam, Jaysh al-Islam, Jeish al-Islam, جيش الإسلام
Qaeda, Qaida, Qa'ida, Qa'eda, Kaida, Kaeda, تنظيم القاعدة
Hamas, حماس
Fatah, Fateh, حركة فتح
Qassam, Kassam, كتائب القسام, القسام
Islamic Jihad, الجهاد الإسلامي
PLO, منظمة التحرير الفلسطينية
PFLP, الجبهة الشعبية لتحرير فلسطين
Taliban, Taleban, Talban, طالبان
Houthi, Huthi, Houthis, Huthis, Ansar Allah, Ansarallah, Ansarullah, الحوثي, الحوثيون, الحوثيين, أنصار الله
Amal Movement, حركة أمل
Lebanese Forces, القوات اللبنانية
Kataeb, Kataib, Phalange, Phalangist, حزب الكتائب
Free Patriotic Movement, التيار الوطني الحر
Future Movement, Mustaqbal Movement, تيار المستقبل
Progressive Socialist Party, الحزب التقدمي الاشتراكي
March 14, 14 March, 14 آذار
March 8, 8 March, 8 آذار
Free Syrian Army, FSA, الجيش السوري الحر, الجيش الحر
Syrian Democratic Forces, SDF, قوات سوريا الديمقراطية, قسد
YPG, وحدات حماية الشعب
PKK, حزب العمال الكردستاني
Peshmerga, Peshmarga, Pesh Merga, البيشمركة, البشمركة
Hashd al-Shaabi, Hashd Shaabi, Popular Mobilization Forces, Popular Mobilisation Forces, PMF, الحشد الشعبي
Muslim Brotherhood, Ikhwan, الإخوان المسلمون, الإخوان المسلمين, جماعة الإخوان
Boko Haram, بوكو حرام
Shabaab, Shebab, حركة الشباب
Baath, Ba'ath, Ba'th, Baas, حزب البعث
Revolutionary Guards, Revolutionary Guard, IRGC, Pasdaran, الحرس الثوري
Quds Force, Qods Force, Jerusalem Force, فيلق القدس
Basij, الباسيج
Mossad, الموساد
Shin Bet, Shabak, الشاباك
Knesset, الكنيست
Likud, الليكود
Mukhabarat, Mokhabarat, المخابرات
Shabiha, Shabbiha, Shabeeha, Chabiha, الشبيحة
Sunni, Sunnite, أهل السنة
Shia, Shi'a, Shiite, Shi'ite, Shi'i, شيعي
Alawite, Alawi, Alaouite, العلويين, العلويون
Druze, Druse, Drouze, الدروز, درزي
Maronite, الموارنة, ماروني
Yazidi, Yezidi, Ezidi, إيزيدي, الإيزيديين, الإيزيديون
Salafi, Salafist, Salafite, التيار السلفي
Wahhabi, Wahabi, Wahabbi, وهابي
Takfiri, Takfeeri, تكفيري
Mujahideen, Mujahedeen, Mujahidin, Mujahedin, Mujaheddin, مجاهدين, مجاهدون
United Nations, UN, U.N., الأمم المتحدة
Security Council, مجلس الأمن
UNIFIL, يونيفيل, اليونيفيل
UNRWA, أونروا, الأونروا
UNICEF, يونيسف, اليونيسف, يونيسيف
UNESCO, يونسكو, اليونسكو
World Health Organization, World Health Organisation, منظمة الصحة العالمية
International Monetary Fund, IMF, صندوق النقد الدولي
World Bank, البنك الدولي
European Union, EU, الاتحاد الأوروبي
NATO, الناتو, حلف الناتو, حلف شمال الأطلسي
OPEC, أوبك
IAEA, الوكالة الدولية للطاقة الذرية
International Criminal Court, ICC, المحكمة الجنائية الدولية
Special Tribunal for Lebanon, STL, المحكمة الخاصة بلبنان
Arab League, جامعة الدول العربية, الجامعة العربية
Gulf Cooperation Council, GCC, مجلس التعاون الخليجي
Red Cross, الصليب الأحمر
Red Crescent, الهلال الأحمر
Amnesty International, منظمة العفو الدولية
Human Rights Watch, HRW, هيومن رايتس ووتش
White Helmets, الخوذ البيضاء
White House, البيت الأبيض
Pentagon, البنتاغون, البنتاجون
Kremlin, الكرملين
Vatican, الفاتيكان
FIFA, فيفا, الفيفا
Al Jazeera, Jazeera, Aljazeera, Al Jazira, قناة الجزيرة
Al Arabiya, Arabiya, Alarabiya, قناة العربية
An-Nahar, Annahar, صحيفة النهار, جريدة النهار
As-Safir, Assafir, صحيفة السفير, جريدة السفير
Al-Akhbar, صحيفة الأخبار, جريدة الأخبار
Al-Manar, Almanar, قناة المنار
Al-Mayadeen, Al-Mayadin, Almayadeen, قناة الميادين
Al-Ahram, Ahram, صحيفة الأهرام
Asharq Al-Awsat, Al-Sharq al-Awsat, Asharq Alawsat, صحيفة الشرق الأوسط
Naharnet, نهارنت
Reuters, رويترز
Agence France-Presse, AFP, فرانس برس
Facebook, فيسبوك, فايسبوك
Twitter, تويتر
YouTube, يوتيوب
WhatsApp, واتساب, واتس آب
Google, غوغل, جوجل
Instagram, إنستغرام, إنستجرام
TikTok, تيك توك
Telegram, تلغرام, تيليغرام, تليغرام
"""
