package check

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	keda "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	appsv1 "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// cluster is what `kustomize build` makes of a folder, decoded into the types of
// Kubernetes and KEDA; a field that they don't have is an error.
type cluster struct {
	pods      map[string]corev1.PodTemplateSpec // by deployment or job
	replicas  map[string]*int32
	settings  map[string]map[string]string // of ConfigMaps, by name
	services  map[string]corev1.Service
	ingresses []networking.Ingress
	policies  map[string]networking.NetworkPolicy
	budgets   map[string]policy.PodDisruptionBudget
	hpas      map[string]autoscaling.HorizontalPodAutoscaler
	scaled    map[string]keda.ScaledObject
}

func build(t *testing.T, folder string) cluster {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, keda.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(s, serializer.EnableStrict).UniversalDeserializer()
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join("../kubernetes", folder))
	if err != nil {
		t.Fatal(err)
	}
	c := cluster{map[string]corev1.PodTemplateSpec{}, map[string]*int32{}, map[string]map[string]string{}, map[string]corev1.Service{}, nil,
		map[string]networking.NetworkPolicy{}, map[string]policy.PodDisruptionBudget{}, map[string]autoscaling.HorizontalPodAutoscaler{}, map[string]keda.ScaledObject{}}
	for _, r := range made.Resources() {
		yaml, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		object, _, err := decoder.Decode(yaml, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", r.CurId(), err)
		}
		c.add(t, object)
	}
	return c
}

func (c *cluster) add(t *testing.T, object runtime.Object) {
	t.Helper()
	switch o := object.(type) {
	case *appsv1.Deployment:
		c.pods[o.Name], c.replicas[o.Name] = o.Spec.Template, o.Spec.Replicas
		if match, err := selects(o.Spec.Selector, o.Spec.Template.Labels); err != nil || !match {
			t.Errorf("the deployment %s does not select its pods: %v", o.Name, err)
		}
	case *batchv1.Job:
		c.pods[o.Name] = o.Spec.Template
	case *corev1.ConfigMap:
		c.settings[o.Name] = o.Data
	case *corev1.Service:
		c.services[o.Name] = *o
	case *networking.Ingress:
		c.ingresses = append(c.ingresses, *o)
	case *networking.NetworkPolicy:
		c.policies[o.Name] = *o
	case *policy.PodDisruptionBudget:
		c.budgets[o.Name] = *o
	case *autoscaling.HorizontalPodAutoscaler:
		c.hpas[o.Name] = *o
	case *keda.ScaledObject:
		c.scaled[o.Name] = *o
	case *corev1.Namespace, *corev1.ServiceAccount:
	case *corev1.Secret:
		t.Errorf("the secret %s is in the project", o.Name)
	default:
		t.Errorf("nothing here looks at a %T", object)
	}
}

// eachInstallation runs a test on the base and on the example.
func eachInstallation(t *testing.T, test func(t *testing.T, c cluster)) {
	for _, folder := range []string{"base", "overlays/example"} {
		t.Run(folder, func(t *testing.T) { test(t, build(t, folder)) })
	}
}

// environment is what a container gets, and what it names itself.
func (c cluster) environment(t *testing.T, container corev1.Container) (all map[string]string, own []string) {
	t.Helper()
	all = imageSettings(t)
	for _, from := range container.EnvFrom {
		if from.SecretRef != nil {
			t.Errorf("%s takes all of the secret %s: name what it needs", container.Name, from.SecretRef.Name)
			continue
		}
		set := c.settings[from.ConfigMapRef.Name]
		if set == nil {
			t.Errorf("there is no ConfigMap %s", from.ConfigMapRef.Name)
		}
		if from.ConfigMapRef.Name != "settings" { // which all share
			own = append(own, names(set)...)
		}
		all = with(all, set)
	}
	for _, env := range container.Env {
		own = append(own, env.Name)
		if env.ValueFrom == nil {
			if secrets[env.Name] != "" {
				t.Errorf("%s has %s in the open", container.Name, env.Name)
			}
			all[env.Name] = env.Value
			continue
		}
		secret := env.ValueFrom.SecretKeyRef
		if secret == nil || secret.Name != "passportphotogenie" || secret.Key != env.Name || secrets[secret.Key] == "" {
			t.Errorf("%s takes %s from %v", container.Name, env.Name, env.ValueFrom)
			continue
		}
		all[env.Name] = secrets[secret.Key]
	}
	return all, own
}

func TestPodsHaveTheSettingsOfTheirProcess(t *testing.T) {
	eachInstallation(t, func(t *testing.T, c cluster) {
		if got, want := names(map[string]string{"api": "", "migrate": "", "scheduler": "", "worker": ""}), podNames(c); !slices.Equal(got, want) {
			t.Fatalf("the pods are %v", want)
		}
		expectRead(t, "the ConfigMap settings", names(c.settings["settings"]), config.Processes()...)
		for name, pod := range c.pods {
			container := pod.Spec.Containers[0]
			environ, own := c.environment(t, container)
			process := processOf(container.Args)
			expectRead(t, name, own, process)
			expectStart(t, name, process, environ)
			if name == "worker" && environ["WORKER_CONCURRENCY"] == "" {
				t.Error("the worker would take the node's number of CPUs")
			}
		}
	})
}

func podNames(c cluster) (all []string) {
	for name := range c.pods {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func TestPodsHaveNoRights(t *testing.T) {
	eachInstallation(t, func(t *testing.T, c cluster) {
		for name, pod := range c.pods {
			s, p := pod.Spec.Containers[0], pod.Spec.SecurityContext
			if len(pod.Spec.Containers)+len(pod.Spec.InitContainers) != 1 {
				t.Errorf("%s has containers that nobody looks at", name)
			}
			if !*p.RunAsNonRoot || *p.RunAsUser != 10001 || p.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
				t.Errorf("%s runs as %+v", name, p)
			}
			if x := s.SecurityContext; *x.AllowPrivilegeEscalation || !*x.ReadOnlyRootFilesystem || !slices.Contains(x.Capabilities.Drop, "ALL") || x.Privileged != nil || x.Capabilities.Add != nil {
				t.Errorf("%s may %+v", name, x)
			}
			if *pod.Spec.AutomountServiceAccountToken || pod.Spec.HostNetwork || pod.Spec.HostPID {
				t.Errorf("%s has a token or the host's network", name)
			}
			if s.Resources.Requests.Cpu().IsZero() || s.Resources.Requests.Memory().IsZero() || s.Resources.Limits.Memory().IsZero() {
				t.Errorf("%s asks for %+v", name, s.Resources)
			}
			for _, v := range pod.Spec.Volumes {
				if v.EmptyDir == nil || v.EmptyDir.SizeLimit == nil || v.Name == "keys" && v.EmptyDir.Medium != corev1.StorageMediumMemory {
					t.Errorf("%s has the volume %s", name, v.Name)
				}
			}
		}
	})
}

func TestPodsAreAskedAndStoppedGently(t *testing.T) {
	eachInstallation(t, func(t *testing.T, c cluster) {
		for name, pod := range c.pods {
			if name == "migrate" {
				continue
			}
			s := pod.Spec.Containers[0]
			ports := map[string]int32{}
			for _, p := range s.Ports {
				ports[p.Name] = p.ContainerPort
			}
			environ, _ := c.environment(t, s)
			if fmt.Sprintf(":%d", ports["ops"]) != environ["OPS_ADDR"] {
				t.Errorf("%s is asked at %d and answers at %s", name, ports["ops"], environ["OPS_ADDR"])
			}
			if http := ports["http"]; name == "api" && fmt.Sprint(http) != environ["PORT"] {
				t.Errorf("the API serves %s, not %d", environ["PORT"], http)
			}
			for path, probe := range map[string]*corev1.Probe{"/healthz": s.LivenessProbe, "/readyz": s.ReadinessProbe} {
				if probe == nil || probe.HTTPGet.Path != path || probe.HTTPGet.Port != intstr.FromString("ops") {
					t.Errorf("%s is not asked for %s: %+v", name, path, probe)
				}
			}
			// A studio's first start loads 100 MB of models, on a busy node slowly.
			if started := s.StartupProbe; started == nil || started.PeriodSeconds*started.FailureThreshold < 60 {
				t.Errorf("%s has too little time to start: %+v", name, started)
			}
			var before int64
			if s.Lifecycle != nil {
				before = s.Lifecycle.PreStop.Sleep.Seconds
			}
			if grace := time.Duration(*pod.Spec.TerminationGracePeriodSeconds-before) * time.Second; grace < stopTime(t, environ) {
				t.Errorf("%s has %v to stop", name, grace)
			}
			if name == "api" && before < 5 {
				t.Error("the API stops before proxies have heard of it")
			}
			if len(pod.Spec.TopologySpreadConstraints) != 2 {
				t.Errorf("%s is not spread over zones and nodes", name)
			}
			for _, spread := range pod.Spec.TopologySpreadConstraints {
				if match, err := selects(spread.LabelSelector, pod.Labels); err != nil || !match {
					t.Errorf("%s is spread against others: %v", name, err)
				}
			}
		}
	})
}

func TestDisruptionsAndScalingLeaveEnough(t *testing.T) {
	eachInstallation(t, func(t *testing.T, c cluster) {
		if c.replicas["scheduler"] == nil || *c.replicas["scheduler"] < 2 {
			t.Error("draining a node would wait for the one scheduler forever")
		}
		for _, name := range []string{"api", "worker"} {
			if c.replicas[name] != nil {
				t.Errorf("each deployment would undo how %s was scaled", name)
			}
		}
		for _, name := range []string{"api", "worker", "scheduler"} {
			if match, err := selects(c.budgets[name].Spec.Selector, c.pods[name].Labels); err != nil || !match {
				t.Errorf("no disruption budget is %s's: %v", name, err)
			}
		}
		if h := c.hpas["api"]; *h.Spec.MinReplicas < 2 || h.Spec.ScaleTargetRef.Name != "api" || h.Spec.ScaleTargetRef.Kind != "Deployment" {
			t.Errorf("the API is scaled by %+v", h.Spec)
		}
		w := c.scaled["worker"]
		if err := keda.CheckFallbackValid(&w); err != nil {
			t.Error(err)
		}
		if w.Spec.ScaleTargetRef.Name != "worker" || *w.Spec.MinReplicaCount < 2 || *w.Spec.MaxReplicaCount <= *w.Spec.MinReplicaCount {
			t.Errorf("workers are scaled by %+v", w.Spec)
		}
		names := read(t, "internal/metrics/names.go")
		for _, trigger := range w.Spec.Triggers {
			query := trigger.Metadata["query"]
			metric := query[strings.Index(query, "passportphoto_"):]
			metric, _, _ = strings.Cut(metric, "{")
			if trigger.Type != "prometheus" || !strings.Contains(names, `"`+metric+`"`) {
				t.Errorf("workers are scaled by %s, which nothing tells", metric)
			}
			if !strings.Contains(query, `queue="default"`) && !strings.Contains(query, `queue=~"default|bulk"`) || !strings.Contains(query, `namespace="passportphotogenie"`) {
				t.Errorf("%s is of other queues too", query)
			}
		}
	})
}

func TestOnlyWhoMustMaySpeakToAPod(t *testing.T) {
	eachInstallation(t, func(t *testing.T, c cluster) {
		all := c.policies["nothing-else"].Spec
		if len(all.PolicyTypes) != 2 || len(all.Ingress)+len(all.Egress) != 0 || len(all.PodSelector.MatchLabels) != 0 {
			t.Errorf("what is not named is allowed: %+v", all)
		}
		for name, p := range c.policies {
			someone := len(p.Spec.PodSelector.MatchLabels) == 0 // everybody
			for _, pod := range c.pods {
				match, err := selects(&p.Spec.PodSelector, pod.Labels)
				if err != nil {
					t.Fatal(err)
				}
				someone = someone || match
			}
			if !someone {
				t.Errorf("the policy %s is for nobody", name)
			}
			for _, rule := range p.Spec.Ingress {
				for _, from := range rule.From {
					if from.NamespaceSelector == nil || len(from.NamespaceSelector.MatchLabels) == 0 {
						t.Errorf("the policy %s lets strangers in", name)
					}
				}
				if len(rule.From) == 0 || len(rule.Ports) == 0 {
					t.Errorf("the policy %s lets everybody in", name)
				}
			}
			for _, rule := range p.Spec.Egress {
				if len(rule.To) == 0 || len(rule.Ports) == 0 {
					t.Errorf("the policy %s lets everything out", name)
				}
			}
		}
	})
	for _, ingress := range build(t, "overlays/example").ingresses {
		backend := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service
		if backend.Name != "api" || backend.Port.Name != "http" || len(ingress.Spec.TLS) == 0 {
			t.Errorf("the ingress leads to %+v", backend)
		}
	}
}

func TestTheExampleSetsItsImage(t *testing.T) {
	for name, pod := range build(t, "overlays/example").pods {
		if got := pod.Spec.Containers[0].Image; got != "registry.example/passportphotogenie:1.0.0" {
			t.Errorf("%s runs %s", name, got)
		}
	}
}

func selects(selector *metav1.LabelSelector, set map[string]string) (bool, error) {
	s, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && !s.Empty() && s.Matches(labels.Set(set)), err
}

func TestThePageSaysWhatTheSecretHolds(t *testing.T) {
	page := read(t, "docs/deploy.md")
	for name, pod := range build(t, "base").pods {
		for _, env := range pod.Spec.Containers[0].Env {
			if env.ValueFrom != nil && !strings.Contains(page, "--from-literal="+env.Name+"=") {
				t.Errorf("%s needs %s, of which docs/deploy.md says nothing", name, env.Name)
			}
		}
	}
}
