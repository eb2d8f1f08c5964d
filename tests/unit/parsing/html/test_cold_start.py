"""What does not read HTML does not pay for its libraries."""

from __future__ import annotations

import subprocess
import sys


def test_libraries_for_html_are_loaded_by_the_first_page_only() -> None:
    program = (
        "import io, sys\n"
        "from broadsheet.model import Hints\n"
        "from broadsheet.parsing import read\n"
        "list(read(io.BytesIO(b'A title\\n\\nA text.'), Hints(name='a.txt')))\n"
        "assert not {'lxml', 'trafilatura', 'htmldate'} & set(sys.modules)\n"
        "list(read(io.BytesIO(b'<p>A text.'), Hints(name='a.html')))\n"
        "assert {'lxml', 'trafilatura', 'htmldate'} <= set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
