"""For a teacher: grade learners' folders, and answer pull requests that hold homework.

grade               `kata grade`: a learner's two files per day on this course's tests
pull_request_reply  the workflow `homework`: which changed files are a learner's own

`pull_request_reply` runs without an installation, so it imports no third-party package.
"""
