"""Family: the pages of a project, one file each, with the template of the same name."""
