"""/vang: from when to when, and who stands in; it ends by itself, or by [Tôi đã về]. Why: storage/absences.py."""
