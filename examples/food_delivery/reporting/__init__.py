"""What the administration wants to know: revenue, late orders, exports."""
