"""How somebody comes in: who this is, consent, a code, a number or a request, and whoever lets them in."""
