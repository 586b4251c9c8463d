"""OpenTelemetry traces: off unless ``trace_endpoint`` is set; the packages are an optional extra."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from livecue import __version__
from livecue.config import Settings
from livecue.errors import BadInput
from livecue.kit import Fact, OpenSpan, trace_with

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter


def start_tracing(settings: Settings, exporter: "SpanExporter | None" = None) -> Callable[[], None]:
    """Send spans to ``trace_endpoint`` from now on, or to ``exporter``; what is returned sends the rest and stops.

    Raises ``BadInput`` when the address is none, or the packages are not installed.
    """
    if not settings.trace_endpoint and exporter is None:
        return lambda: None
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise BadInput(
            "trace_endpoint is set and OpenTelemetry is not installed: pip install 'livecue[otel]'"
        ) from None
    if exporter is None:
        exporter = _otlp(settings.trace_endpoint)
    provider = TracerProvider(
        resource=Resource.create(
            {
                "service.name": "livecue",
                "service.version": __version__,
                "livecue.roles": settings.roles,
                "livecue.installation": settings.store_installation,
            }
        ),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("livecue", __version__)

    def opened(name: str, facts: dict[str, Fact]) -> AbstractContextManager[OpenSpan]:
        return tracer.start_as_current_span(
            f"livecue.{name}", attributes={f"livecue.{fact}": value for fact, value in facts.items()}
        )

    trace_with(opened)

    def stop() -> None:
        trace_with(None)
        provider.shutdown()

    return stop


def _otlp(address: str) -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    if not address.startswith(("http://", "https://")):
        raise BadInput(f"trace_endpoint {address!r}: write it as http://host:4318/v1/traces")
    return OTLPSpanExporter(endpoint=address)
