"""Studies: many what-ifs of one instance, solved side by side, kept as one dataset."""
