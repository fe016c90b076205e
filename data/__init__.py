"""What the project made itself: the drawn sample footage and the program that draws it."""
