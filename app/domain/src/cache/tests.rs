//! Properties across the files of this folder.
