"""The desktop face in Qt: tray, window and dialogs; it draws the state and calls commands."""
