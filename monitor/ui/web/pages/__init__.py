"""The pages, a folder each: routes, what is shown, template, words in English,
own style.
"""
