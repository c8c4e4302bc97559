"""YAML texts in one of the many ways in which people may write them."""

from __future__ import annotations

import json
import re

from hypothesis import strategies as st

PLAIN = re.compile(r"[a-zé日本]+( [a-zé日本]+)*")
FAR = 60
"""A column that is far enough to the right for what stands in brackets."""


class Writer:
    """Writes plain values as YAML in one of the many ways, and knows of each comment whose it is.

    Attributes:
        lines: What is written, without line ends.
        owners: Of each line, the places that have words on it.
        comments: By number of a comment: the line it stands on, and in what.
        anchors: Names of the values that are written with an anchor.
        literal: The line on which a text as it stands ends: a comment behind it would belong to it.
        bare: Some explicit key has not even a colon.
    """

    def __init__(self, draw):
        self.draw, self.lines, self.owners = draw, [""], [[]]
        self.comments, self.anchors = {}, []
        self.literal, self.bare = -1, False

    def put(self, text, place):
        first, *rest = text.split("\n")
        self.lines[-1] += first
        self.owners[-1] += [place] if first.strip() else []
        for line in rest:
            self.lines.append(line)
            self.owners.append([place])

    def newline(self, inside, indent=0):
        """End the line, with a comment or without, and perhaps with lines between."""
        literal = self.literal == len(self.lines) - 1
        if not literal and self.draw(st.integers(0, 2)) == 0:
            self.comment(inside, " " if self.lines[-1] else "")
        for _ in range(0 if literal else self.draw(st.sampled_from([0, 0, 0, 1]))):
            self.lines.append("")
            self.owners.append([])
            if self.draw(st.booleans()):
                self.comment(inside, " " * indent)
        self.lines.append("")
        self.owners.append([])

    def perhaps_newline(self, inside):
        if self.draw(st.integers(0, 2)) == 0:
            self.newline(inside, FAR)
            self.lines[-1] += " " * FAR

    def comment(self, inside, lead):
        number = len(self.comments)
        self.lines[-1] += f"{lead}# {self.draw(st.sampled_from(['why', 'é: - ', '? {', ']', ', x']))}~{number}~"
        self.comments[number] = (len(self.lines) - 1, inside)

    def key(self, name, place):
        self.put(name if PLAIN.fullmatch(name) and name != "no" else json.dumps(name, ensure_ascii=False), place)

    def anchor(self, value, place):
        """Write an alias where there is an anchor of that value, or else an anchor now and then."""
        for name, other in self.anchors:
            if json.dumps(other) == json.dumps(value) and self.draw(st.booleans()):
                self.put(f"*{name}", place)
                return True
        if self.draw(st.integers(0, 5)) == 0:
            self.lines[-1] += f"&n{len(self.anchors)} "
            self.anchors.append((f"n{len(self.anchors)}", value))
        return False

    def flow(self, value, place):
        if self.anchor(value, place):
            self.put(" ", place)
            return
        if not isinstance(value, dict | list):
            self.put(self.scalar(value), place)
            return
        self.brackets(value, place)

    def brackets(self, value, place):
        opened, closed = "{}" if isinstance(value, dict) else "[]"
        self.lines[-1] += opened  # an anchor, a dash and a bracket that opens are no words of their own
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for at, (step, it) in enumerate(items):
            here = (*place, step)
            self.lines[-1] += " " if at else ""
            self.perhaps_newline(place)
            if isinstance(value, dict):
                self.put(self.draw(st.sampled_from(["", "", "", "? "])), here)
                self.key(step, here)
                self.put(": ", here)
            self.flow(it, here)
            if at + 1 < len(value) or self.draw(st.integers(0, 3)) == 0:
                self.put(",", here)
        if value:
            self.perhaps_newline(place)
        self.put(closed, place)

    def scalar(self, value):
        if isinstance(value, str):
            if PLAIN.fullmatch(value) and value != "no" and self.draw(st.booleans()):
                return value.replace(" ", self.draw(st.sampled_from([" ", "\n" + " " * FAR])))
            if "\n" not in value and "\t" not in value and self.draw(st.booleans()):
                return "'" + value.replace("'", "''") + "'"
            quoted = json.dumps(value, ensure_ascii=False)
            blank = value.find("two  ")
            return quoted if blank < 0 else '"two\\\n' + " " * FAR + '\\  words"'
        return json.dumps(value)

    def block(self, value, place, indent):
        """Write a mapping or a list, from the present column on."""
        column = len(self.lines[-1])
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for at, (step, it) in enumerate(items):
            here = (*place, step)
            if at:
                self.newline(place, indent)
                self.lines[-1] += " " * column
            if isinstance(value, dict):
                if self.draw(st.integers(0, 5)) == 0:
                    self.put("? ", here)
                    self.key(step, here)
                    if it is None and self.draw(st.booleans()):
                        self.bare = True
                        continue
                    self.newline(here, column)
                    self.lines[-1] += " " * column
                else:
                    self.key(step, here)
                self.put(":", here)
            else:
                self.lines[-1] += "-"
            self.below(it, here, column, listed=isinstance(value, list))

    def below(self, value, place, column, *, listed):
        if isinstance(value, dict | list) and value and self.draw(st.integers(0, 2)):
            self.put(" ", place)
            if self.anchor(value, place):
                return
            if listed and self.lines[-1].endswith("- ") and self.draw(st.booleans()):
                self.block(value, place, column + 2)
                return
            self.newline(place, column + 2)
            self.lines[-1] += " " * (column + (0 if isinstance(value, list) and not listed and column else 2))
            self.block(value, place, column + 2)
        elif value is None and self.draw(st.booleans()):
            self.owners[-1].append(place)
        elif isinstance(value, str) and value.endswith("\n") and value.strip() and self.draw(st.booleans()):
            kept = "+" if value.endswith("\n\n") else ""
            self.put(f" |2{kept}", place)
            if self.draw(st.booleans()):
                self.comment(place, " ")
            for line in value[:-1].split("\n"):
                self.put("\n" + (" " * (column + 2) + line if line else ""), place)
            self.literal = len(self.lines) - 1
        else:
            self.put(" ", place)
            self.flow(value, place)
