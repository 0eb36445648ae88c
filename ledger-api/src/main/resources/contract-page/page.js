// A page for reading: nothing is sent from it but for the contract.
window.addEventListener('load', function () {
  window.SwaggerUIBundle({
    url: 'openapi',
    dom_id: '#contract',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    validatorUrl: null
  });
});
