package testmattes

// Drawn returns the drawn heads: each of the difficulties that a passport photo
// brings, in square pictures of the side in pixels.
func Drawn(size int) []*Truth {
	dark, fair := Colour{0.14, 0.10, 0.08}, Colour{0.72, 0.56, 0.36}
	sitter := func(hair, shirt Colour) Sitter {
		return Sitter{Size: size, Hair: hair, Skin: Colour{0.80, 0.60, 0.50}, Shirt: shirt, Strands: 260}
	}
	navy, white := Colour{0.15, 0.18, 0.30}, Colour{0.93, 0.93, 0.92}
	return []*Truth{
		sitter(dark, navy).Draw("dark hair, light wall", Plain(Colour{0.80, 0.80, 0.78})),
		sitter(dark, navy).Draw("dark hair, dark wall", Gradient(Colour{0.24, 0.21, 0.19}, Colour{0.20, 0.18, 0.17}, size)),
		sitter(fair, white).Draw("fair hair, white shirt, white wall", Gradient(Colour{0.97, 0.97, 0.96}, Colour{0.95, 0.95, 0.95}, size)),
		sitter(fair, navy).Draw("fair hair, curtain", Stripes(Colour{0.30, 0.42, 0.60}, 40)),
		sitter(dark, white).Draw("dark hair, stones", Noise(3)),
	}
}
