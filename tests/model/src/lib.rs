//! A small reference interpreter over the checked tree.
