"""The commands on the learner's files, one module each; `commands` holds the short ones.

board            `kata`: the table of days and the next command; defines a day's status
hint_command     `kata hint`
diff_command     `kata diff`; `diff/` measures
done_command     `kata done`: verify, note, commit
files_command    `kata reset`, `adopt`, `again`, `back`: change files, keep copies first
review_schedule  which green day is worth repeating
data_command     `kata data`; detector_command: `kata detector`, its parts as a picture
finish_command   `kata finish`: verify all, write the pages
"""
