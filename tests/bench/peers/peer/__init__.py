"""What an analyst would write in Python to make the public and open tables of the register: see ../README.md for what is left out."""
