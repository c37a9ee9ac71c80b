"""What `papertray bench --endpoint` is made of."""
