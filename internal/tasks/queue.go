package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// Queue puts tasks in and takes them out.
type Queue struct {
	redis     redis.UniversalClient
	client    *asynq.Client
	inspector *asynq.Inspector
	tracer    *tracing.Tracer
}

// NewQueue returns a queue on a Redis server. It does not connect yet, so it
// succeeds while Redis is down.
func NewQueue(r Redis) *Queue {
	c := r.Client()
	return &Queue{redis: c, client: asynq.NewClientFromRedisClient(c), inspector: asynq.NewInspectorFromRedisClient(c)}
}

// Trace has entries carry on the traces in which they are put in. To be called before
// the queue is used.
func (q *Queue) Trace(t *tracing.Tracer) { q.tracer = t }

// Close closes the connections.
func (q *Queue) Close() error { return q.redis.Close() }

// Ping reports whether Redis answers.
func (q *Queue) Ping(ctx context.Context) error { return q.redis.Ping(ctx).Err() }

// Pool tells how the connections stand, without asking Redis.
func (q *Queue) Pool() metrics.Pool {
	s := q.redis.PoolStats()
	return metrics.Pool{
		Name: "queue", InUse: int(s.TotalConns) - int(s.IdleConns), Idle: int(s.IdleConns), Most: q.most(),
		Waits: int64(s.WaitCount), Waited: time.Duration(s.WaitDurationNs),
	}
}

// most is how many connections the pool may have; 0 for a cluster, where it depends on
// how many servers that has.
func (q *Queue) most() int {
	if c, single := q.redis.(*redis.Client); single {
		return c.Options().PoolSize
	}
	return 0
}

// EnqueuePhoto asks for a photo to be developed, in its lane. c is the photo's claim as it
// stands: a worker that takes the task makes the next one. An entry that
// already waits or runs is enough; one that ended is replaced.
func (q *Queue) EnqueuePhoto(ctx context.Context, c photo.Claim) (err error) {
	ctx, span, headers := q.tracer.Send(ctx, "enqueue "+PhotoType, tracing.Queue(c.Lane.String()))
	defer func() { span.End(err) }()
	b, err := photoPayload(c)
	if err != nil {
		return fmt.Errorf("enqueue photo: %w", err)
	}
	task := asynq.NewTaskWithHeaders(PhotoType, b, headers, asynq.MaxRetry(photoRetries), asynq.Timeout(photoTimeout))
	if err := q.enqueueOnce(ctx, task, c.Lane.String(), photoTaskID(c)); err != nil {
		return fmt.Errorf("enqueue photo: %w", err)
	}
	return nil
}

// enqueueOnce puts a task in under an ID. An entry with that ID that waits or runs is
// enough; one that ended is replaced.
func (q *Queue) enqueueOnce(ctx context.Context, task *asynq.Task, queue, id string) error {
	// Twice, because the entry in the way may be deleted by another sweep
	// between the conflict and our look at it.
	var err error
	for range 2 {
		_, err = q.client.EnqueueContext(ctx, task, asynq.TaskID(id), asynq.Queue(queue))
		if !errors.Is(err, asynq.ErrTaskIDConflict) {
			return err
		}
		if live, look := q.makeRoom(ctx, queue, id); live || look != nil {
			return look
		}
	}
	return err
}

// makeRoom deletes an entry that has ended; live says that it has not.
func (q *Queue) makeRoom(ctx context.Context, queue, id string) (live bool, err error) {
	if err := q.announce(ctx); err != nil {
		return false, err
	}
	info, err := q.inspector.GetTaskInfo(queue, id)
	if gone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if info.State != asynq.TaskStateArchived && info.State != asynq.TaskStateCompleted {
		return true, nil
	}
	if err := q.inspector.DeleteTask(queue, id); err != nil && !gone(err) {
		return false, err
	}
	return false, nil
}

func gone(err error) bool { return errors.Is(err, asynq.ErrTaskNotFound) }

// announce tells Redis the names of our queues. Asynq's client does so once per
// process, and its inspector denies that a queue exists which Redis has
// forgotten since: entries would become invisible to everything but a worker.
func (q *Queue) announce(ctx context.Context) error {
	if err := q.redis.SAdd(ctx, "asynq:queues", Queues()).Err(); err != nil {
		return fmt.Errorf("announce the queues: %w", err)
	}
	return nil
}

// EnqueueJob asks for one run of a timetable's job for the period that starts
// at the given time. However many schedulers ask, it runs once, as long as
// retention reaches beyond the last moment at which one of them may ask.
func (q *Queue) EnqueueJob(ctx context.Context, name string, period time.Time, retention time.Duration) error {
	task := asynq.NewTask(JobType+name, nil, asynq.TaskID(jobTaskID(name, period)), asynq.Queue(Maintenance),
		// The next period is the retry.
		asynq.MaxRetry(giveBack), asynq.Timeout(jobTimeout), asynq.Retention(retention))
	_, err := q.client.EnqueueContext(ctx, task)
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("enqueue job %s: %w", name, err)
	}
	return nil
}
