package matte

// Steps of the chamfer, and what is far in any picture, in pixels.
const straight, diagonal, far = 1, 4.0 / 3, 1e6

// distances returns for each pixel about how far the nearest of the set lies,
// in pixels: exact along rows, columns and diagonals, and nowhere more than 8 %
// off (Borgefors 1986, the chamfer 3-4). With an empty set everything is far.
func distances(set []bool, width int) []float32 {
	d := make([]float32, len(set))
	for i, in := range set {
		if !in {
			d[i] = far
		}
	}
	height := len(set) / width
	for y := range height {
		row := d[y*width:][:width]
		if y > 0 {
			relax(row, d[(y-1)*width:][:width])
		}
		for x := 1; x < width; x++ {
			row[x] = min(row[x], row[x-1]+straight)
		}
	}
	for y := height - 1; y >= 0; y-- {
		row := d[y*width:][:width]
		if y < height-1 {
			relax(row, d[(y+1)*width:][:width])
		}
		for x := width - 2; x >= 0; x-- {
			row[x] = min(row[x], row[x+1]+straight)
		}
	}
	return d
}

// relax shortens a row's distances by ways through the row next to it.
func relax(row, next []float32) {
	for x := range row {
		v := min(row[x], next[x]+straight)
		if x > 0 {
			v = min(v, next[x-1]+diagonal)
		}
		if x < len(row)-1 {
			v = min(v, next[x+1]+diagonal)
		}
		row[x] = v
	}
}
