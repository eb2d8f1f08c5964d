"""Months and numbers as they are written in the region.

Left out because they mean something else more often: March (a march), May (may), آب (أب, father), one and واحد.
"""

SPELLINGS = """
January, كانون الثاني, يناير, جانفي
February, Feb, شباط, فبراير, فيفري
آذار, مارس
April, Apr, نيسان, أبريل, أفريل
أيار, مايو
June, حزيران, يونيو
July, تموز, يوليو, يوليوز, جويلية
August, Aug, أغسطس, غشت
September, Sept, Sep, أيلول, سبتمبر, شتنبر
October, Oct, تشرين الأول, أكتوبر
November, Nov, تشرين الثاني, نوفمبر, نونبر
December, Dec, كانون الأول, ديسمبر, دجنبر
2, two
3, three, ثلاثة, ثلاث
4, four, أربعة, أربع
5, five, خمسة, خمس
6, six, ستة
7, seven, سبعة
8, eight, ثمانية, ثماني
9, nine, تسعة
10, ten, عشرة, عشر
11, eleven
12, twelve
13, thirteen
14, fourteen
15, fifteen
16, sixteen
17, seventeen
18, eighteen
19, nineteen
20, twenty, عشرون, عشرين
30, thirty, ثلاثون, ثلاثين
40, forty, أربعون, أربعين
50, fifty, خمسون, خمسين
60, sixty, ستون, ستين
70, seventy, سبعون, سبعين
80, eighty, ثمانون, ثمانين
90, ninety, تسعون, تسعين
first, 1st
second, 2nd
third, 3rd
fourth, 4th
fifth, 5th
tenth, 10th
20th, twentieth
21st, twenty-first
"""
