"""For the authors of days: begin a day, derive its stubs, draw what is generated.

cli              the commands: `python -m katas.dojo.authoring COMMAND`
new_day          begin a day from `skeleton/`, a small day that runs (`kata new-day`)
stub_files       write the derived stubs, or list those that are stale
architecture     the packages and their imports in ARCHITECTURE.md
detector_lines   in each lesson, the line of the detector that calls its functions
readme_map       the table of days in the README
lesson_pictures  the pictures of the lessons, from the reference
loop_picture     the README's picture of a save, from real runs
"""
