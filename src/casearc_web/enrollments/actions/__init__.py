"""Writes about enrollments: stays, referrals, care teams, and the transfer of a caseload."""
