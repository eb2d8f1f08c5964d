"""Words that say little about what is looked for: articles, pronouns, prepositions, auxiliaries, question words.

They are left out of queries, never out of the index, so that phrases keep them. A query of nothing else keeps them too.
The Arabic part is Lucene's list with question words added.
"""

from __future__ import annotations

ENGLISH = """
a about above after again against all also am among an and another any are aren't as at be because been before being
below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each
either else ever few for from further get gets getting got had hadn't has hasn't have haven't having he he'd he'll her
here hers herself him himself his how however i i'd i'll i'm i've if in into is isn't it it'd it'll its itself just
let's many me might more most much must my myself neither no nor not of off on once one only onto or other ought
our ours ourselves out over own per please rather same shall shan't she she'd she'll should shouldn't since so some
such tell than that the their theirs them themselves then there therefore these they they'd they'll they're they've
this those though through thus to too toward towards under until up upon very was wasn't we we'd we'll we're we've
were weren't what whatever when where whether which while who whom whose why will with within without won't would
wouldn't you you'd you'll you're you've your yours yourself yourselves
"""

ARABIC = """
من ومن منها منه في وفي فيها فيه و ف ثم او أو ب بها به ا أ اى اي أي أى لا ولا الا ألا إلا لكن ما وما كما فما عن مع اذا
إذا ان أن إن انها أنها إنها انه أنه إنه بان بأن فان فأن وان وأن وإن التى التي الذى الذي الذين الى الي إلى إلي على
عليها عليه اما أما إما ايضا أيضا كل وكل لم ولم لن ولن هى هي هو وهى وهي وهو فهى فهي فهو انت أنت لك لها له هذه هذا تلك
ذلك هناك كانت كان يكون تكون وكانت وكان غير بعض قد نحو بين بينما منذ ضمن حيث الان الآن خلال بعد قبل حتى عند عندما لدى
جميع هل متى أين كيف لماذا ماذا كم أيهما أية أيّ لمن مم عم ماهو ماهي
"""
