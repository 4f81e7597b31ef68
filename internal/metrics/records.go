package metrics

import "github.com/prometheus/client_golang/prometheus"

// AccessLog counts lines of the access log.
type AccessLog struct{ lines, lost prometheus.Counter }

// NewAccessLog returns the meter of the access log; once per Metrics.
func (m *Metrics) NewAccessLog() *AccessLog {
	return &AccessLog{
		lines: m.make.NewCounter(prometheus.CounterOpts{Name: accessLines, Help: "Lines of the access log that were stored."}),
		lost:  m.make.NewCounter(prometheus.CounterOpts{Name: accessLost, Help: "Lines of the access log that are lost, because the queue was full or the process stopped without a database."}),
	}
}

// Logged counts lines that were stored.
func (a *AccessLog) Logged(count int) { a.lines.Add(float64(count)) }

// LogLost counts lines that are lost.
func (a *AccessLog) LogLost(count int) { a.lost.Add(float64(count)) }

// Statistics counts what is noted in the usage statistics.
type Statistics struct{ noted *prometheus.CounterVec }

// NewStatistics returns the meter of the usage statistics; once per Metrics.
func (m *Metrics) NewStatistics() *Statistics {
	return &Statistics{m.counter(statisticsNoted, "Notes for the usage statistics by result, ok or failed; a failed one is lost.", "result")}
}

// StatisticsNoted counts one note.
func (s *Statistics) StatisticsNoted(err error) { s.noted.WithLabelValues(result(err)).Inc() }
