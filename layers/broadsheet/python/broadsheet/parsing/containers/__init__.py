"""Files that hold files: gzip, zip and tar, each member read by the registry as if it had been uploaded alone."""
