"""Records fetched over the network: from REDCap and databases, at the addresses the operator configured."""
