"""What a whole document knows and one page does not: running heads, levels of headings, what goes on."""
