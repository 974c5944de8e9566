"""E-STS: bills (SKRD), payments, receipts (SSRD), deposit slips (STS) and the ledger of the city's retribution."""
