"""The names of all index fields; no other module spells one out."""

from __future__ import annotations

# Both indices.
KIND = "kind"  # "article" or "comment": one search may run over both
DOC_ID = "doc_id"  # equals _id; doc values, so that sorting and fetching need no _id
ARTICLE_ID = "article_id"
FILE_ID = "file_id"
S3_BUCKET = "s3_bucket"
S3_KEY = "s3_key"
SOURCE = "source"
LANG = "lang"
TAGS = "tags"
AUTHOR = "author"  # of the comment; a list of all bylines for an article
AUTHOR_KEY = "author_key"  # text.author_key of the author; a list for an article
AUTHOR_TEXT = "author.text"  # the same names, searchable by word
AUTHOR_SUGGEST = "author.suggest"  # the same names, by the beginnings of their words
SORT_DATE = "sort_date"  # best known time; absent when nothing is known: undated sorts last, whichever way
DATE_BASIS = "date_basis"  # "explicit", "estimated" or "none"
STORED_AT = "stored_at"  # S3 LastModified, never the clock: a rebuild gives the same documents
PART = "part"  # counts the documents of a text too long for one; a comment that fits has none, an article 0
BODY = "body"
BODY_EXACT = "body.exact"
DISPLAY = "display"  # what the API returns of a document and nobody searches; not indexed

# Articles.
TITLE = "title"
TITLE_EXACT = "title.exact"
TITLE_SUGGEST = "title.suggest"  # by the beginnings of its words
TAGS_SUGGEST = "tags.suggest"
DISCUSSION = "discussion"  # all comment bodies in page order; excluded from _source
DISCUSSION_EXACT = "discussion.exact"
DISCUSSION_OMITTED = "discussion_omitted"  # comments that did not fit into it
WORK_KEY = "work_key"
URL = "url"
COMMENT_COUNT = "comment_count"
COMMENT_COUNT_DECLARED = "comment_count_declared"
FIRST_COMMENT_AT = "first_comment_at"
LAST_COMMENT_AT = "last_comment_at"

# Comments.
COMMENT_ID = "comment_id"
ORDINAL = "ordinal"
AUTHOR_KIND = "author_kind"
MENTIONS = "mentions"  # text.author_key of the names
PARENT_ID = "parent_id"
ROOT_ID = "root_id"
DEPTH = "depth"
TREE_ORDER = "tree_order"  # as a tree is read: each comment, then its replies
PARENT_AUTHOR_KEY = "parent_author_key"
THREAD_ROLE = "thread_role"
EDGE_CONFIDENCE = "edge_confidence"
ARTICLE_TITLE = "article_title"
ARTICLE_DATE = "article_date"
