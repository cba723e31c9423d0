"""/thanhvien: who is in one's teams; bring in, correct, move, promote and remove people below oneself."""
