"""The agency itself: programs, sites, teams and staff members. Nothing about a young person stands here."""
