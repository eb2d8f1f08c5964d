"""Names that the press spells in many ways, in Latin and Arabic script: one family per line, the head form first.

A query for any spelling finds all of its family. Rules for the list:

- A spelling belongs to one family and means this name wherever it stands: no ``IS`` for the Islamic State, no ``Hums``
  for Homs. The engine's stems count: النصرة would find نصر (victory), طالبان طالب (student), القصير قصير (short) and
  الدولة الإسلامية دول إسلامية (Islamic countries), so these stand with the word that makes them names.
- Case, vowel marks, hamza, tatweel, apostrophes, hyphens, possessive endings and a leading al or el do not matter.
"""

from __future__ import annotations

FAMILIES: tuple[tuple[str, ...], ...] = (
    # Parties and armed groups.
    ("Hezbollah", "Hizbullah", "Hizballah", "Hizbollah", "Hezballah", "Hezbullah", "Hizb Allah", "حزب الله"),
    ("ISIS", "ISIL", "Daesh", "Da'esh", "Daish", "Da'ish", "Islamic State", "داعش", "تنظيم الدولة الإسلامية"),
    ("Nusra", "Nousra", "Nusrah", "Nosra", "جبهة النصرة"),
    ("Qaeda", "Qaida", "Qa'ida", "Qa'eda", "Kaida", "Kaeda", "تنظيم القاعدة"),
    ("Hamas", "حماس"),
    ("Taliban", "Taleban", "حركة طالبان"),
    ("Houthi", "Huthi", "Houthis", "Huthis", "Ansar Allah", "الحوثي", "الحوثيون", "الحوثيين", "أنصار الله"),
    ("Amal Movement", "حركة أمل"),
    ("Free Syrian Army", "الجيش السوري الحر", "الجيش الحر"),
    ("Peshmerga", "Peshmarga", "Pesh Merga", "البيشمركة", "البشمركة"),
    # People.
    ("Assad", "Asad", "Assaad", "Esad", "الأسد"),
    ("Nasrallah", "Nasralla", "Nasrullah", "Nasr Allah", "نصرالله", "نصر الله"),
    ("Hariri", "Harriri", "الحريري"),
    ("Jumblatt", "Jumblat", "Joumblatt", "Joumblat", "Junblat", "جنبلاط"),
    ("Geagea", "Jaajaa", "Ja'ja", "جعجع"),
    ("Aoun", "Awn", "ميشال عون"),
    ("Jarba", "Jerba", "الجربا"),
    ("Kerry", "كيري"),
    ("Obama", "أوباما"),
    ("Putin", "بوتين"),
    ("Khamenei", "Khamenai", "Khamanei", "خامنئي"),
    ("Gaddafi", "Qaddafi", "Gadhafi", "Kadhafi", "Qadhafi", "Gaddhafi", "القذافي"),
    # Places.
    ("Homs", "Hims", "حمص"),
    ("Hama", "Hamah", "حماة"),
    ("Aleppo", "Halab", "حلب"),
    ("Damascus", "Dimashq", "دمشق"),
    ("Latakia", "Lattakia", "Latakiya", "Ladhiqiyah", "اللاذقية"),
    ("Idlib", "Edlib", "إدلب"),
    ("Raqqa", "Raqa", "Rakka", "Raqqah", "الرقة"),
    ("Deir Ezzor", "Deir ez-Zor", "Deir al-Zor", "Dayr az-Zawr", "دير الزور"),
    ("Daraa", "Dara'a", "Deraa", "Der'a", "درعا"),
    ("Qusayr", "Qusair", "Qusseir", "Quseir", "مدينة القصير"),
    ("Nubol", "Nubl", "Nubul", "Nubbul", "Nobbol", "نبل"),
    ("Zahraa", "Zahra", "Zahra'a", "الزهراء"),
    ("Ghouta", "Ghuta", "Gouta", "الغوطة"),
    ("Beirut", "Beyrouth", "Bayrut", "Beyrut", "بيروت"),
    ("Tripoli", "Trablous", "طرابلس"),
    ("Sidon", "Saida", "Sayda", "صيدا"),
    ("Baalbek", "Baalbeck", "Ba'albek", "بعلبك"),
    ("Arsal", "Ersal", "عرسال"),
    ("Jerusalem", "Quds", "القدس"),
    ("Mosul", "Mossul", "الموصل"),
)
