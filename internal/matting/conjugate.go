package matting

import "math"

// Conjugate gradients end when the residual's length is this share of the right
// hand side's, or of the residual at first where that is longer. On the cases of
// package testmattes the error of alpha was then at most 5 % larger than with a
// sixth of it, the mean error no larger, and 0.7 of the time was taken.
const tolerance = 3e-4

// mostIterations bounds the time that a contrived picture takes. Those cases
// took up to 32.
const mostIterations = 300

// improve brings x from a guess to the solution, by conjugate gradients with
// the incomplete factor as preconditioner.
func (s *system) improve(x []float32) {
	f := s.factorise()
	r, z, p, q := s.vector(), s.vector(), s.vector(), s.vector()
	s.times(x, q)
	for _, i := range s.at {
		r[i] = s.b[i] - q[i]
	}
	enough := tolerance * tolerance * max(s.dot(s.b, s.b), s.dot(r, r))
	rz := 1.0 // p is 0 at first, so that any will do
	for range mostIterations {
		if s.dot(r, r) <= enough {
			return
		}
		f.solve(r, z)
		next := s.dot(r, z)
		beta := float32(next / rz)
		rz = next
		for _, i := range s.at {
			p[i] = z[i] + beta*p[i]
		}
		s.times(p, q)
		step := float32(rz / s.dot(p, q))
		if math.IsNaN(float64(step)) || math.IsInf(float64(step), 0) {
			return // p has vanished
		}
		for _, i := range s.at {
			x[i] += step * p[i]
			r[i] -= step * q[i]
		}
	}
}

func (s *system) dot(a, b []float32) float64 {
	sum := 0.0
	for _, i := range s.at {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
