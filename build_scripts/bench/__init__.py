"""`dev.py bench`: what the app costs when nothing happens, and how fast it is when something does.

Each measure stands beside something real that is measured in the same run, so that the machine and its mood cancel
out. One file a group; `measures.py` lists them all.
"""
