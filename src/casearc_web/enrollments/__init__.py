"""Enrollments: who is in which program, who cares for them, referrals in and out. Also how far each reach goes."""
