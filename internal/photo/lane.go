package photo

// Lane is the queue in which a photo's tasks wait. The zero value is the fast one, for
// people who watch; Bulk is for whoever sends many at once. Bulk moves at full speed
// while the fast lane is empty and slowly while it is not.
type Lane string

// Bulk is the slower lane.
const Bulk Lane = "bulk"

// String is the lane's name as everybody outside sees it: default or bulk.
func (l Lane) String() string {
	if l == Bulk {
		return string(Bulk)
	}
	return "default"
}

// ParseLane reads a lane's name; the empty string means the fast one.
func ParseLane(s string) (Lane, bool) {
	switch s {
	case "", "default":
		return "", true
	case string(Bulk):
		return Bulk, true
	}
	return "", false
}
