package geom

// Fit returns the similarity that brings the points nearest to their targets, by
// the least sum of squared distances. There must be as many of both. Points that
// all lie in one place can't be fitted; the second result then is false.
func Fit(points, targets []Point) (Similarity, bool) {
	if len(points) == 0 || len(points) != len(targets) {
		return Similarity{}, false
	}
	from, to := Centroid(points), Centroid(targets)
	var along, across, size float64
	for i := range points {
		p, q := points[i].Sub(from), targets[i].Sub(to)
		along += p.Dot(q)
		across += p.X*q.Y - p.Y*q.X
		size += p.Dot(p)
	}
	s := Similarity{A: along / size, B: across / size}
	moved := s.Apply(from)
	s.X, s.Y = to.X-moved.X, to.Y-moved.Y
	return s, Point{s.A, s.B}.Finite() && Point{s.X, s.Y}.Finite() && s.Scale() > 0
}

// Centroid returns the mean of the points; there must be some.
func Centroid(points []Point) Point {
	var sum Point
	for _, p := range points {
		sum = sum.Add(p)
	}
	return sum.Times(1 / float64(len(points)))
}
