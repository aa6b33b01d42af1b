"""What a path operation is, resolved from its declaration, and the general path that runs one."""
