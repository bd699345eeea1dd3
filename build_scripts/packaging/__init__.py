"""Installers for Linux, Windows and macOS, all made from one PyInstaller build."""
