"""What somebody should know: an order has been accepted, is on its way, ..."""
