"""What is on the disk and how it gets there; knows no clinical rule."""
