"""An archive for news articles and the discussions under them.

``parsing`` turns bytes into records, ``index`` records into engine documents, ``search`` queries into engine bodies:
all three are pure. ``ports`` names what the use cases (``ingest``, ``generations``, ``files``, ``archive``) need from
the world, ``adapters`` supply it. Handlers and the command line stand on top.
"""

__version__ = "0.1.0"
