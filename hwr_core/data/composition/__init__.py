"""Names written anew: from pen strokes, letters cut out of scans, and fonts.

texts, lexicons, likeness             what is written
writing                               what every way of writing has in common
words, letters                        pen strokes of UNIPEN: real words, and letters set anew
penhands, zones, glyphs, penline      whose letters, how tall, their shapes, their line
accents                               accents and signs as strokes
cuts                                  letters of scans
extract, cutting, blobs, hands        scans cut into letters and empty forms, and their file
fonts, lettering                      handwriting fonts, and how they are made less regular
clutter, forms                        the form around a name
compose                               all of it together: settings in, a store out
"""
