# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the chair on this picture? By the colours that nothing else wears (data of the design: app/draw/theme)."""
import pathlib

TILE = (0x12, 0x16, 0x1C)  # the ground of tiles and chart
HEART_RATE = (0x3D, 0xDC, 0x6B)
PRESSURE = (0xF2, 0xF4, 0xF7)
PUMP = (0xFF, 0x9F, 0x45)
STOPPED = (0xD3, 0x12, 0x1B)  # also of a HIGH alarm, but never over half of the panel
PIXELS = 40  # of a colour; an anti-aliased digit of 5 mm has more


class Picture:
    def __init__(self, path):
        """@path: a PPM file (P6)."""
        data = pathlib.Path(path).read_bytes()
        fields, at = [], 0
        while len(fields) < 4:
            end = min(i for i in (data.find(c, at) for c in (b" ", b"\n", b"\t")) if i >= 0)
            if data[at:end] and not data[at:at + 1] == b"#":
                fields.append(data[at:end])
            at = end + 1
        assert fields[0] == b"P6" and fields[3] == b"255", fields
        self.width, self.height = int(fields[1]), int(fields[2])
        self.pixels = data[at:at + 3 * self.width * self.height]

    def share(self, colour, near=4):
        """Part of the picture that is nearly of this colour, looked at in every second pixel of every second row."""
        n = seen = 0
        for y in range(0, self.height, 2):
            row = self.pixels[3 * y * self.width:3 * (y + 1) * self.width]
            for r, g, b in zip(row[0::6], row[1::6], row[2::6]):
                seen += 1
                n += abs(r - colour[0]) < near and abs(g - colour[1]) < near and abs(b - colour[2]) < near
        return n / seen

    def count(self, colour):
        return self.share(colour) * self.width * self.height


def describe(picture):
    names = {"tiles": TILE, "heart rate": HEART_RATE, "pressure": PRESSURE, "pump": PUMP, "stopped": STOPPED}
    return ", ".join(f"{name} {100 * picture.share(colour):.2f} %" for name, colour in names.items())


def shows_chair(picture):
    """Tiles, a heart rate, a pressure and a pump in their colours, and no panel that is red all over."""
    return (picture.share(TILE) > 0.3 and all(picture.count(c) >= PIXELS for c in (HEART_RATE, PRESSURE, PUMP))
            and picture.share(STOPPED) < 0.5)
