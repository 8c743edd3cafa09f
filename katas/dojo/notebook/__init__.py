"""What the course writes for the learner to keep.

`notes` fills the results into the note of a day, `pictures` draws the day's picture from
the learner's own functions, `progress_list` ticks the days in notes/README.md, and `page`
makes the pages of `kata finish`: Markdown, and one HTML file to publish.
"""
