"""The words and rules of the job: standard library only, no input or output of any kind."""
