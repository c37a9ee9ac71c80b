"""A page read region by region: a layout model says where they are, another model what stands in each."""
