FROM python:3.11-slim
RUN useradd --create-home --uid 1000 belleman && mkdir --mode=750 /data && chown belleman /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps .
USER belleman
VOLUME /data
ENTRYPOINT ["sh", "-c", "belleman migrate && exec belleman \"$@\"", "belleman"]
CMD ["run"]
