"""What this service does: a function per verb of the trade. Nothing here opens or commits a transaction."""
